"""The process monitor: values of a product's batches on individuals charts."""
