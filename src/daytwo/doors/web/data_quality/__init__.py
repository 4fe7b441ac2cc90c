"""Data quality: coverage of the KPIs, missing times, late entries, imports, ALCOA+ by letter."""
