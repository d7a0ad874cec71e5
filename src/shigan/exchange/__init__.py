"""Exchange: the sheets and papers an office keeps, read into facts and written from findings."""
