"""工作: what the entries about a thing add up to (state), and which fact may follow (rules), or `Refused`."""
