from . import (
    test_front_desk,
    test_front_desk_tour,
    test_history_access,
    test_history_documents,
    test_history_filters,
    test_history_merge,
    test_history_page,
    test_history_queries,
    test_history_rebuild,
    test_history_sources,
    test_lookup,
    test_structure,
)
