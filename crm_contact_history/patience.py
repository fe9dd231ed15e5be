from psycopg2 import errors

TRIES = 5


def patiently(env, work):
    """Do the next batch of a job; again, when somebody has changed one of its records while it began, or made the same.

    :param work: a function without arguments, all whose work is in the transaction since the last commit
    :return: what ``work`` returns
    """
    for attempt in range(1, TRIES + 1):
        try:
            result = work()
            env.flush_all()
        except (errors.SerializationFailure, errors.DeadlockDetected, errors.UniqueViolation):
            env.cr.rollback()  # only this batch: the ones before are committed
            if attempt == TRIES:
                raise
        else:
            return result
