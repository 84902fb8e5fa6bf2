"""What is shown, as data: phrases with their links, and (to come) cells, tables and figures."""
