"""Workbooks of Excel (Office Open XML), one table a sheet."""
