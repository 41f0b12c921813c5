"""The doors of the connection to an ERP."""
