"""Links in mails by which somebody without a login proves that an e-mail address is his.

A request (any record with ``email_normalized``) waits until its link is opened. The link is signed by the database's secret, for
this request and this address, and for one kind of request, its *scope*. That it is good once is the request's own affair.
"""

from urllib.parse import urljoin

from odoo.tools.misc import hash_sign, verify_hash_signed


def signed_link(request, scope, path, expiration):
    """The link to put into the mail.

    :param request: the record that waits
    :param str scope: of what kind the request is; the same for all links of that kind, for good
    :param str path: what opens it; the token follows
    :param datetime expiration: until when it is good
    :return: the whole address
    """
    # sudo: only to sign with the database's secret
    token = hash_sign(request.sudo().env, scope, [request.id, request.email_normalized], expiration=expiration)
    return urljoin(request.get_base_url(), path + token)


def request_of_link(requests, scope, token):
    """The request that a link belongs to, as superuser; none when the link is forged or too old.

    :param requests: the model that they are of
    :param str token: what follows the path
    """
    # sudo: the signature proves that the link was sent to the address of the request
    requests = requests.sudo()
    try:
        signed = verify_hash_signed(requests.env, scope, token)
    except ValueError:  # not even in the form of one
        signed = None
    if not (isinstance(signed, list) and len(signed) == 2):
        return requests.browse()
    request_id, email = signed
    return requests.search([("id", "=", request_id), ("email_normalized", "=", email)])
