from . import (
    test_access,
    test_cohort_matrix,
    test_cohorts,
    test_counting_at_once,
    test_merge,
    test_purchase_credits,
    test_purchase_facts,
    test_purchase_kinds,
    test_queue,
    test_rebuild,
    test_retention_tour,
    test_structure,
)
