"""Business documents: the orders, quotes, invoices and deliveries of a customer."""
