"""研判: figures broken down for whoever leads, and tables of them or of cases made in the background."""
