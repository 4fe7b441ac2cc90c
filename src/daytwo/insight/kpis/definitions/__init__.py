"""The KPI definitions; each file here is one, found by discovery."""
