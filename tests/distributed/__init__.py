"""Work shared out by joblib's backends."""
