# frozen_string_literal: true

# A world of Ringback's for each test, with a clock that stands still. A test that fails says what was refused
# in its world, and why. Copy this file into a project of your own: it needs Ruby 3.0 and minitest 5 or newer.
#
# It finds Ringback by RINGBACK_ADMIN_URL and RINGBACK_URL, which `ringback run` sets; beside a container they are
# set by hand, with RINGBACK_ADMIN_TOKEN.

require "json"
require "minitest"
require "net/http"
require "securerandom"

module RingbackWorld
  # Where the clock of each world stands when its test begins.
  BEGINS = "2026-03-02T09:00:00Z"

  # Rows of a page: as many as are read at once.
  PAGE = 100

  # The scenario that worlds are made of: a name that the program knows, or a whole scenario as a hash.
  def scenario = "demo"

  def before_setup
    super
    @world = "#{name.downcase.gsub(/[^a-z0-9]+/, "-")[0, 40]}-#{SecureRandom.hex(5)}"
    admin("Put", "", { scenario: scenario, clock: { mode: "frozen", at: BEGINS } })
    @is_made = true
  end

  def after_teardown
    end_world if @is_made
  ensure
    super
  end

  # The base address of a vendor in this test's world.
  def url(vendor) = "#{ENV.fetch("RINGBACK_URL")}/w/#{@world}/#{vendor}"

  # Moves the clock on, such as by "3h"; returns when all that is due by then is done.
  def advance(by) = admin("Post", "/clock/advance", { by: by })

  # Lets something happen outside the vendor's API.
  def event(vendor, event, **fields) = admin("Post", "/events/#{vendor}/#{event}", fields)

  # Has requests go wrong.
  def fault(**rule) = admin("Post", "/faults", rule)

  # All rows of a table behind the wire, as hashes, credentials masked.
  def state(vendor, table)
    rows = []
    loop do
      page = admin("Get", "/state/#{vendor}/#{table}?offset=#{rows.size}&limit=#{PAGE}")["rows"]
      rows.concat(page)
      return rows if page.size < PAGE
    end
  end

  # Fails, with what came closest, unless a condition over the world's journal holds.
  def verify(**condition)
    verdict = admin("Post", "/verify", condition, fine: 422)
    return pass if verdict["verdict"] == "pass"

    flunk(verdict["explanation"] || verdict.to_s)
  end

  private

  # Adds what was refused to a failure; the world is deleted also where that cannot be told.
  def end_world
    told = failures.empty? || skipped? ? "" : refusals
    failures << Minitest::Assertion.new(told).tap { _1.set_backtrace(caller) } unless told.empty?
  ensure
    admin("Delete", "")
  end

  # What was refused, a paragraph each.
  def refusals
    entries = admin("Get", "/journal?outcome=refused&last=10")["entries"]
    entries.flat_map do |entry|
      why = entry["why"]
      reason = why ? "#{why["rule"]}: expected #{why["expected"]}, found #{why["found"]}" : entry["error"]
      ["refused: #{line(entry)}", "  #{reason}", *(["  #{why["hint"]}"] if why&.dig("hint"))]
    end.join("\n")
  end

  # A refused event is no request, and a fault may have left a request without a reply.
  def line(entry)
    request = entry["request"]
    return "#{entry["action"]} #{entry["vendor"]}" unless request

    "#{request["method"]} #{request["path"]} -> #{entry.dig("response", "status") || "no reply"}"
  end

  def admin(method, path, body = nil, fine: 200)
    address = URI("#{ENV.fetch("RINGBACK_ADMIN_URL") { raise "expected RINGBACK_ADMIN_URL; ringback run sets it" }}/v1/worlds/#{@world}#{path}")
    request = Net::HTTP.const_get(method).new(address, { "Content-Type" => "application/json" })
    request["Authorization"] = "Bearer #{ENV["RINGBACK_ADMIN_TOKEN"]}" if ENV["RINGBACK_ADMIN_TOKEN"]
    request.body = JSON.generate(body) if body
    # Past the proxy variables, which are for the client under test.
    reply = Net::HTTP.start(address.host, address.port, nil) { |http| http.request(request) }
    raise "#{method} #{address}: #{reply.body}" if reply.code.to_i >= 300 && reply.code.to_i != fine

    JSON.parse(reply.body)
  end
end
