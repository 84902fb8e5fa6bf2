"""How results look: tables, figures, charts, the house style, and what JupyterLab displays."""
