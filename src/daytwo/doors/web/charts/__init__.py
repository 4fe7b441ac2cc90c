"""Charts of the pages: Vega-Lite specs drawn on the server, and small plots drawn by templates."""
