"""Schema history of the recipes rows."""
