"""Line drawings of the exercises: poses as data, and the pure way from a pose to a picture."""
