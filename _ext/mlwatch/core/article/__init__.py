"""What a web page says about itself: pure functions of its text and its address."""
