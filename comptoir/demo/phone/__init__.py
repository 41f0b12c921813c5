"""The customer's phone: a newcomer plays the customers of the sample data, on WhatsApp and by e-mail."""
