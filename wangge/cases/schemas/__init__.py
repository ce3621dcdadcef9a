"""What crosses HTTP: write.py what is sent, read.py what is answered."""
