from . import test_access
from . import test_cohort_matrix
from . import test_cohorts
from . import test_merge
from . import test_purchase_facts
from . import test_queue
from . import test_rebuild
from . import test_retention_tour
