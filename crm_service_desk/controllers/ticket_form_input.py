import re
from http import HTTPStatus

from odoo.exceptions import UserError
from odoo.http import request

from ..models.service_ticket_record import MAX_REMEDY_TEXT

MAX_SUBJECT = 200
MAX_DESCRIPTION = 20_000
MAX_FILES = 10
MAX_FILE_MEGABYTES = 10
# A record's id as a form sends it.
ID = re.compile(r"[0-9]{1,9}")


class BadForm(Exception):
    """What the customer has to change, and the HTTP status that goes with it."""

    def __init__(self, message, status=HTTPStatus.BAD_REQUEST):
        super().__init__(message)
        self.message = message
        self.status = status


class TicketFormInput:
    """What the forms of the portal and of the public share: reading what was typed, and showing it again."""

    def _typed(self):
        """What the form sent: text by name; a list of texts where several were chosen. Files are not in it."""
        form = request.httprequest.form
        typed = {name: form.getlist(name) for name in form}
        return {name: values[0] if len(values) == 1 else values for name, values in typed.items()}

    def _form_values(self, typed, company):
        """What the templates of both forms need."""
        tickets = request.env["service.ticket"]
        selection = {
            name: tickets._fields[name]._description_selection(request.env) for name in ("type", "remedy_sought")
        }
        categories = tickets.env["service.category"]._offered(company)
        return {
            "typed": typed,
            "chosen": lambda name: typed.get(name) if isinstance(typed.get(name), list) else [typed.get(name)],
            "types": selection["type"],
            "remedies": selection["remedy_sought"],
            "categories": categories,
            "branches": self._branches(company),
            "max_subject": MAX_SUBJECT,
            "max_description": MAX_DESCRIPTION,
            "max_remedy_text": MAX_REMEDY_TEXT,
            "files_help": request.env._(
                "A phone offers its camera here. At most %(count)s files of %(size)s MB each.",
                count=MAX_FILES,
                size=MAX_FILE_MEGABYTES,
            ),
            "max_files": MAX_FILES,
            "max_file_megabytes": MAX_FILE_MEGABYTES,
        }

    @staticmethod
    def _branches(company):
        """The branches that a form offers: places, not the people who work there."""
        places = company._branches()
        return places.filtered(lambda place: place.is_company or place.type in ("delivery", "other"))

    # What was typed -----------------------------------------------------------------------------------

    def _checked_complaint(self, typed, company):
        """The ticket's values from what was typed, as far as both forms ask it.

        :raise BadForm: when something is missing, too long or not to be chosen
        """
        category = self._checked_category(typed.get("category_id"), company)
        return {
            "type": self._checked_type(typed.get("type")),
            "name": self._checked_text(typed.get("subject"), request.env._("Subject"), MAX_SUBJECT, lines=False),
            "description": self._checked_text(
                typed.get("description"), request.env._("What happened"), MAX_DESCRIPTION
            ),
            "category_id": category.id,
            "properties": self._checked_answers(category, typed),
            "branch_id": self._checked_branch(typed.get("branch_id"), company),
            "remedy_sought": self._checked_remedy(typed.get("remedy_sought")),
            "remedy_sought_text": self._checked_text(
                typed.get("remedy_sought_text"), request.env._("In your words"), MAX_REMEDY_TEXT, required=False
            ),
            "safety_concern": bool(typed.get("safety_concern")),
        }

    def _checked_type(self, value):
        if value not in dict(request.env["service.ticket"]._fields["type"].selection):
            raise BadForm(request.env._("Please choose whether this is a complaint, a question or a request."))
        return value

    def _checked_remedy(self, value):
        if not value:
            return False
        if value not in dict(request.env["service.ticket"]._fields["remedy_sought"].selection):
            raise BadForm(request.env._("Please choose what would put it right from the list, or nothing."))
        return value

    def _checked_category(self, value, company):
        categories = request.env["service.category"]._offered(company)
        if not value:
            return categories.browse()
        category = categories.filtered(lambda category: str(category.id) == value)
        if not category:
            raise BadForm(request.env._("Please choose what it is about from the list, or nothing."))
        return category

    def _checked_answers(self, category, typed):
        prefix = f"answer_{category.id}_"
        answers = {name.removeprefix(prefix): value for name, value in typed.items() if name.startswith(prefix)}
        try:
            return category._checked_answers(answers) if category else {}
        except UserError as error:
            raise BadForm(str(error)) from error

    def _checked_branch(self, value, company):
        if not value:
            return False
        branch = self._branches(company).filtered(lambda branch: str(branch.id) == value)
        if not branch:
            raise BadForm(request.env._("The branch chosen is not one of ours. Please choose another or none."))
        return branch.id

    def _checked_text(self, value, label, longest, required=True, lines=True):
        text = value if isinstance(value, str) else ""
        text = text.replace("\x00", "").replace("\r\n", "\n").strip()
        if not lines:
            text = " ".join(text.split())
        if not text and required:
            raise BadForm(request.env._("“%s” is empty. Please fill it in.", label))
        if len(text) > longest:
            raise BadForm(
                request.env._(
                    "“%(label)s” is too long: %(length)s characters, at most %(longest)s are possible. "
                    "Please shorten it.",
                    label=label,
                    length=len(text),
                    longest=longest,
                )
            )
        return text or False

    def _checked_files(self):
        """The files sent along, as (name, content).

        :raise BadForm: when there are too many or one is too large
        """
        files = [file for file in request.httprequest.files.getlist("files") if file.filename]
        if len(files) > MAX_FILES:
            raise BadForm(
                request.env._(
                    "You chose %(count)s files; at most %(max)s are possible. Please choose them again.",
                    count=len(files),
                    max=MAX_FILES,
                )
            )
        limit = MAX_FILE_MEGABYTES * 1024 * 1024
        checked = []
        for file in files:
            content = file.read(limit + 1)
            if len(content) > limit:
                raise BadForm(
                    request.env._(
                        "The file “%(name)s” is larger than %(max)s MB. "
                        "Please choose a smaller one, and the other files again.",
                        name=file.filename[:100],
                        max=MAX_FILE_MEGABYTES,
                    ),
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                )
            checked.append((file.filename.replace("\x00", "")[:200], content))
        return checked
