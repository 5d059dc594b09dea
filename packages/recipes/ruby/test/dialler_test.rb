# frozen_string_literal: true

# The tests of Dialler, each against a world of its own; they run side by side.

require "minitest/autorun"
require_relative "../lib/dialler"
require_relative "ringback_world"

class DiallerTest < Minitest::Test
  include RingbackWorld
  parallelize_me!

  def setup
    @dialler = Dialler.new(url("jtel"), client: 7, token: "SIMTOKEN-7A", pause: 0)
  end

  def test_a_contact_is_read
    assert_equal "Adler", @dialler.contact(301_501)["Name"]
  end

  def test_an_import_twice_leaves_one_contact
    2.times { @dialler.add(612, key: "SIM-0003", name: "Conrad", phone: "4940555100") }
    verify(operation: "import_contact", outcome: "ok", exactly: 2)
    assert_equal(%w[Adler Brandt Conrad], @dialler.contacts(612).map { _1["Name"] })
    # As it stands behind the wire.
    assert_equal(1, state("jtel", "contacts").count { _1["name"] == "Conrad" })
  end

  def test_a_locked_contact_is_not_dialled
    @dialler.lock(301_501)
    event("jtel", "start_campaign", campaign: 612)
    advance("3h")
    assert_empty @dialler.history(301_501)
  end

  def test_a_contact_that_is_not_locked_is_dialled
    event("jtel", "start_campaign", campaign: 612)
    advance("3h")
    refute_empty @dialler.history(301_501)
  end

  def test_a_busy_vendor_is_asked_again
    fault(then: "status", status: 503, on: { vendor: "jtel", nth: 1 })
    @dialler.lock(301_501)
    verify(operation: "lock_contact_by_id", exactly: 2)
  end

  def test_a_contact_that_is_not_there_is_refused
    refused = assert_raises(Dialler::Refused) { @dialler.contact(1) }
    assert_equal 404, refused.status
  end
end
