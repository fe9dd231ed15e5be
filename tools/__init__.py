"""What `make` calls: one sub-command per step, each skipped when its work is already done."""
