"""Facts on the disk: Parquet files by month, one manifest, one writer at a time."""
