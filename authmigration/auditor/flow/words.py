"""What names say where nothing else does: ids, public rows, secrets and checks."""

import re

IDS = re.compile(
    r"(^|_)(id|ids|pk|pks|uuid|guid|slug|key|number|num|no|code|ref|reference|identifier|token|hash"
    r"|name|username|email|login|object_id|path|filename|index|oid)$|(?<![a-z])[a-z]+id$",
    re.IGNORECASE,
)
IDENTITY = re.compile(
    r"^(id|pk|ids|slug|uuid|guid|uid|number|code|name|username|identifier|ident|key|ref|reference"
    r"|email|object_id|short_id|public_id|external_id|filename|path)$",
    re.IGNORECASE,
)
OPERATORS = {
    *("in", "exact", "iexact", "contains", "icontains", "gt", "gte", "lt", "lte", "isnull"),
    *("startswith", "istartswith", "endswith", "iendswith", "range", "regex", "iregex", "date"),
    *("year", "month", "day", "hour", "overlap", "contained_by", "has_key"),
}
# Who knows such a value was given it: the link is the permission.
SECRETS = re.compile(
    r"secret|token|hash|signature|nonce|passw|invit|verification|activation|confirm|capability"
    r"|access_key|api_?key|(^|_)otp$|session_key",
    re.IGNORECASE,
)
PUBLIC = re.compile(
    r"(^|_)(public|published|is_?visible|visibility|shared|ro_access|open|listed|live|approved"
    r"|is_template|browsable|searchable)($|_)",
    re.IGNORECASE,
)
CHECKS = re.compile(
    r"perm|auth|allow|access|can_|_can|may_|owner|owns|member|require|verify|ensure|guard|restrict"
    r"|forbid|protect|has_role|is_staff|privilege|policy|enforce|assert|deny|check_",
    re.IGNORECASE,
)
GATES = re.compile(
    r"admin|staff|perm|role|group|teacher|manager|moderator|operator|owner|privilege|is_[a-z]+"
)
NOT_ABOUT_ACCESS = re.compile(r"rate|limit|throttl|cache|lock|flag|feature|switch|waffle")
WRITES = {
    *("save", "delete", "update", "create", "add", "remove", "set", "clear", "bulk_update"),
    *("bulk_create", "get_or_create", "update_or_create", "soft_delete", "hard_delete"),
}
SINGLE = {"get", "first", "last", "latest", "earliest", "aget", "afirst", "alast", "get_or_none"}
NARROWING = {"filter", "complex_filter"}
BY_HAND = {"raw", "extra"}
SAME_ROWS = {
    *("all", "order_by", "select_related", "prefetch_related", "distinct", "annotate", "only"),
    *("defer", "using", "reverse", "values", "values_list", "alias", "select_for_update"),
    *("iterator", "union", "dates", "datetimes", "non_polymorphic", "select_subclasses"),
    *("get_queryset", "none", "db_manager", "in_bulk", "aiterator"),
}
MANAGERS = re.compile(r"^(_default_manager|_base_manager|[a-z_]*objects[a-z_]*)$")
FORMS = re.compile(r"(Form|FormSet|Formset|Serializer|serializer_class|form_class|FilterSet)$")
DENIALS = {
    *("PermissionDenied", "Http404", "HttpResponseForbidden", "HttpResponseNotFound"),
    *("NotFound", "NotAuthenticated", "HttpResponseRedirect", "redirect", "SuspiciousOperation"),
}


def id_like(name: str) -> bool:
    return bool(IDS.search(name))


def split_lookup(name: str) -> tuple[list[str], str]:
    """Return the path of fields in a lookup and its operator: ``course__id__in``."""
    parts = name.split("__")
    if len(parts) > 1 and parts[-1] in OPERATORS:
        return parts[:-1], parts[-1]
    return parts, ""
