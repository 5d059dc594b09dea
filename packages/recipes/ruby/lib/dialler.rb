# frozen_string_literal: true

# A small client of jtel's dialler: what the tests test. It knows nothing of Ringback, only a base address.

require "json"
require "net/http"

class Dialler
  # The vendor said no.
  class Refused < StandardError
    attr_reader :status

    def initialize(status, body)
      super("#{status}: #{body}")
      @status = status
    end
  end

  # Answers that ask for another try.
  BUSY = [429, 503].freeze

  def initialize(base, client:, token:, attempts: 3, pause: 1)
    @contacts = "#{base}/rest/v1.0/#{client}/dialler/contacts"
    @token = token
    @attempts = attempts
    @pause = pause
  end

  def contact(id) = call("Get", "/#{id}")["records"].first

  def contacts(campaign) = call("Get", "?diallerCampaignsID=#{campaign}")["records"]

  def add(campaign, key:, name:, phone:)
    contact = { "UserData" => key, "Name" => name, "PhoneNumber1" => phone }
    call("Post", "/import?overwriteDuplicates=true", { "DiallerCampaignsID" => campaign, **contact })
  end

  def lock(id) = call("Patch", "/contact/#{id}/lock")

  def history(id) = call("Get", "/contact/#{id}/history")["records"]

  private

  def call(method, path, body = nil)
    address = URI(@contacts + path)
    request = Net::HTTP.const_get(method).new(address)
    request["Authorization"] = "Bearer #{@token}"
    request["Content-Type"] = "application/json"
    request.body = JSON.generate(body) if body
    (1..).each do |attempt|
      reply = Net::HTTP.start(address.host, address.port, use_ssl: address.scheme == "https") { |http| http.request(request) }
      status = reply.code.to_i
      return JSON.parse(reply.body) if status < 300
      raise Refused.new(status, reply.body) if attempt == @attempts || !BUSY.include?(status)

      sleep @pause
    end
  end
end
