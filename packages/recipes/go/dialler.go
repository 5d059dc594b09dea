// Package dialler is a small client of jtel's dialler: what the tests test. It knows nothing of Ringback, only a
// base address.
package dialler

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// Dialler has the dialler contacts of one client account.
type Dialler struct {
	Base     string
	Client   int
	Token    string
	Attempts int
	Pause    time.Duration
}

// Refused is a vendor's no.
type Refused struct {
	Status int
	Body   string
}

func (refused *Refused) Error() string { return fmt.Sprintf("%d: %s", refused.Status, refused.Body) }

// Contact is a row of the dialler's.
type Contact struct {
	ID   int
	Name string
}

// Attempt is a call that was made to a contact.
type Attempt struct{ ID int }

type page[T any] struct{ Records []T }

// Contact reads one contact.
func (dialler *Dialler) Contact(id int) (Contact, error) {
	var found page[Contact]
	if err := dialler.call("GET", fmt.Sprintf("/%d", id), nil, &found); err != nil {
		return Contact{}, err
	}
	return found.Records[0], nil
}

// Contacts lists those of a campaign.
func (dialler *Dialler) Contacts(campaign int) ([]Contact, error) {
	var found page[Contact]
	err := dialler.call("GET", fmt.Sprintf("?diallerCampaignsID=%d", campaign), nil, &found)
	return found.Records, err
}

// Add imports a contact.
func (dialler *Dialler) Add(campaign int, key, name, phone string) error {
	body := map[string]any{"DiallerCampaignsID": campaign, "UserData": key, "Name": name, "PhoneNumber1": phone}
	return dialler.call("POST", "/import?overwriteDuplicates=true", body, &struct{}{})
}

// Lock has the dialler leave a contact alone.
func (dialler *Dialler) Lock(id int) error {
	return dialler.call("PATCH", fmt.Sprintf("/contact/%d/lock", id), nil, &struct{}{})
}

// History lists the calls that were made to a contact.
func (dialler *Dialler) History(id int) ([]Attempt, error) {
	var found page[Attempt]
	err := dialler.call("GET", fmt.Sprintf("/contact/%d/history", id), nil, &found)
	return found.Records, err
}

func (dialler *Dialler) call(method, path string, body, found any) error {
	var sent []byte
	if body != nil {
		var err error
		if sent, err = json.Marshal(body); err != nil {
			return err
		}
	}
	url := fmt.Sprintf("%s/rest/v1.0/%d/dialler/contacts%s", dialler.Base, dialler.Client, path)
	for attempt := 1; ; attempt++ {
		request, err := http.NewRequest(method, url, bytes.NewReader(sent))
		if err != nil {
			return err
		}
		request.Header.Set("Authorization", "Bearer "+dialler.Token)
		request.Header.Set("Content-Type", "application/json")
		reply, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		text, err := io.ReadAll(reply.Body)
		reply.Body.Close()
		if err != nil {
			return err
		}
		if reply.StatusCode < 300 {
			return json.Unmarshal(text, found)
		}
		isBusy := reply.StatusCode == http.StatusTooManyRequests || reply.StatusCode == http.StatusServiceUnavailable
		if !isBusy || attempt >= dialler.Attempts {
			return &Refused{reply.StatusCode, string(text)}
		}
		time.Sleep(dialler.Pause)
	}
}
