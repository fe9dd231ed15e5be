"""What is compared: a file per comparison, its `ROWS` found by themselves."""
