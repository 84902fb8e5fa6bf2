"""The program that runs the notebooks, assembles the report from them, publishes it and proves it."""
