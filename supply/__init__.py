"""What the service is made of besides itself: the locks, their licences, the bill of materials, known weaknesses."""
