"""The platform's payments app: invoices and the bursars who look after them."""
