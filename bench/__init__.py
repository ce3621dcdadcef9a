"""What the product is measured by: each figure beside the machine's own limit, taken in the same run."""
