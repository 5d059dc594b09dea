import boto3
from moto import mock_aws


@mock_aws
def test_an_object_is_kept(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    s3 = boto3.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket="contacts")
    s3.put_object(Bucket="contacts", Key="301501", Body=b"locked")
    assert s3.get_object(Bucket="contacts", Key="301501")["Body"].read() == b"locked"
