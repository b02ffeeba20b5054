"""What may go wrong between services, and what must hold all the same."""
