"""The company's own ERP, asked over HTTP when somebody writes or is looked at."""
