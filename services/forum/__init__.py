"""Forum: where plans are shared and recommendations are agreed, issued and answered."""
