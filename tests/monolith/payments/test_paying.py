import pytest
from django.urls import reverse

from monolith.accounts.models import OutboxMail
from monolith.courses.models import Course
from monolith.payments.models import Invoice, Receipt
from monolith.payments.provider import DECLINED

CARD = "4111 1111 1111 1111"


@pytest.fixture
def invoice(platform):
    return Invoice.objects.create(
        student=platform["learner"], course=platform.course, amount_cents=19_900
    )


def pay(platform, name, invoice, **data):
    return platform.client(name).post(reverse("invoice-pay", args=[invoice.pk]), data)


def status(invoice) -> str:
    return Invoice.objects.get(pk=invoice.pk).status


def test_a_student_pays_by_card_and_gets_a_receipt(platform, invoice):
    url = pay(platform, "learner", invoice, card=CARD).url
    assert status(invoice) == "paid"
    assert b"199.00" in platform.client("learner").get(url).content


@pytest.mark.parametrize("card", ["", "1234", DECLINED, "4111-1111-1111-1111", "٤" * 16])
def test_a_card_that_is_declined_pays_nothing_and_says_so(platform, invoice, card):
    client = platform.client("learner")
    response = client.post(reverse("invoice-pay", args=[invoice.pk]), {"card": card}, follow=True)
    assert status(invoice) == "open"
    assert not Receipt.objects.filter(invoice=invoice).exists()
    assert len(response.context["messages"]) == 1


def test_a_bursar_notes_what_was_paid_at_the_counter(platform, invoice):
    pay(platform, "bursar", invoice)
    assert status(invoice) == "paid"


@pytest.mark.parametrize("name", ["learner", "bursar"])
@pytest.mark.parametrize("before", ["paid", "refunded"])
def test_an_invoice_that_is_not_open_is_not_paid_again(platform, invoice, name, before):
    Invoice.objects.filter(pk=invoice.pk).update(status=before)
    response = pay(platform, name, invoice, card=CARD)
    assert response.status_code == 409
    assert before in response.content.decode()
    assert status(invoice) == before


def test_a_bursar_who_learns_pays_their_own_invoice_by_card(platform, invoice):
    Invoice.objects.filter(pk=invoice.pk).update(student=platform["bursar"])
    pay(platform, "bursar", invoice)
    assert status(invoice) == "open"


def test_the_pages_of_an_invoice_lead_to_one_another(platform, invoice):
    own = reverse("invoice-detail", args=[invoice.pk])
    listed = platform.client("learner").get(reverse("invoice-list")).content.decode()
    assert own in listed
    page = platform.client("learner").get(own).content.decode()
    assert reverse("invoice-pay", args=[invoice.pk]) in page
    assert reverse("payment-plan", args=[invoice.pk]) in page
    paid = reverse("invoice-detail", args=[platform.invoice.pk])
    receipt = reverse("receipt", args=[platform.receipt.reference])
    assert receipt in platform.client("learner").get(paid).content.decode()


def test_the_list_is_narrowed_by_status_and_holds_nothing_of_others(platform, invoice):
    url = reverse("invoice-list")

    def listed(name, query=""):
        return set(platform.client(name).get(url + query).context["page"])

    assert listed("learner") == {invoice, platform.invoice}
    assert listed("learner", "?status=open") == {invoice}
    assert listed("learner", "?status=nonsense") == {invoice, platform.invoice}
    assert listed("bursar", "?status=paid") == {platform.invoice}
    assert listed("other_learner") == set()


def test_a_bursar_gives_thirty_more_days(platform):
    url = reverse("payment-plan", args=[platform.invoice.pk])
    client = platform.client("bursar")
    assert b"+30 days" in client.get(url).content
    client.post(url, {"instalment": platform.instalment.pk})
    platform.instalment.refresh_from_db()
    assert str(platform.instalment.due_on) == "2030-03-02"
    assert b"+30 days" not in platform.client("learner").get(url).content


def test_a_bursar_reminds_a_student_of_an_open_invoice_and_of_no_other(platform, invoice):
    client = platform.client("bursar")
    url = reverse("invoice-remind", args=[invoice.pk])
    page = client.post(url, follow=True).content.decode()
    assert "learner is reminded." in page
    assert "last on" in page
    letter = OutboxMail.objects.get()
    assert (letter.to, letter.subject) == (
        "learner@campus.example",
        f"Please pay invoice {invoice.pk}",
    )
    assert letter.body == "199.00 for ALG Algebra is open."
    paid = reverse("invoice-remind", args=[platform.invoice.pk])
    assert client.post(paid).status_code == 409
    assert client.get(url).status_code == 405


def test_what_is_outstanding_is_summed_by_course(platform, invoice):
    Invoice.objects.create(
        student=platform["limited"], course=platform.course, amount_cents=100_100
    )
    second = Course.objects.create(title="Chemistry", code="CHE", school=platform.school)
    Invoice.objects.create(student=platform["limited"], course=second, amount_cents=5)
    Invoice.objects.create(
        student=platform["limited"], course=platform.other_course, amount_cents=7
    )
    url = f"{reverse('outstanding')}?school={platform.school.pk}"
    rows = platform.client("bursar").get(url).context["rows"]
    assert rows == [("ALG", 2, "1,200.00"), ("CHE", 1, "0.05")]


@pytest.mark.parametrize(
    ("school", "answer"), [("", 400), ("x", 400), ("1 OR 1=1", 400), ("9" * 30, 404), ("0", 404)]
)
def test_the_report_of_no_school_is_none(platform, school, answer):
    response = platform.client("bursar").get(reverse("outstanding"), {"school": school})
    assert response.status_code == answer


def test_a_receipt_that_was_never_issued_is_not_found(platform):
    assert platform.client("bursar").get(reverse("receipt", args=["R-2"])).status_code == 404
