"""The paper contract at each service's door: generated from the code, compared with what was promised before."""
