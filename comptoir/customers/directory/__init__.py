"""What the company knows of its customers, whoever says it: a file, an API, the ERP itself."""
