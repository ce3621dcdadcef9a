"""Reads that deserve a name. Every one of them starts at `Case.objects.visible_to(by)`."""
