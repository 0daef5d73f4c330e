"""What pages share that show students: links to their page, the box that finds them, what was done."""
