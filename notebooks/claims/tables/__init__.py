"""Read a folder of CSV files strictly against its data package, and list every problem at once."""
