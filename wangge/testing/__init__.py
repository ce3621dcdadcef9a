"""What every test may lean on: the same few people, their small town, and a client that speaks as one of them."""
