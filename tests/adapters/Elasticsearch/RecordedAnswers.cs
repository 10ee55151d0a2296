namespace Reco.Adapters.Tests.Elasticsearch;

/// <summary>Answers in the form of the REST API reference of Elasticsearch 8, with all its fields.</summary>
internal static class RecordedAnswers
{
    public const string Search = """
        {
          "took": 5, "timed_out": false,
          "_shards": { "total": 1, "successful": 1, "skipped": 0, "failed": 0 },
          "hits": {
            "total": { "value": 17, "relation": "eq" }, "max_score": null,
            "hits": [
              { "_index": "products-000001", "_id": "p1", "_score": 1.3862942, "sort": [1.3862942, "p1"],
                "_source": { "product_id": "p1", "name": "Nova \"5G\" Phone", "category": "Electronics", "brand": null, "price": 499.50, "stock": 3, "popularity": 7 } }
            ]
          },
          "aggregations": {
            "categories": { "doc_count_error_upper_bound": 0, "sum_other_doc_count": 0, "buckets": [
              { "key": "electronics", "doc_count": 4 }, { "key": "Electronics", "doc_count": 12 }, { "key": "Office", "doc_count": 1 } ] },
            "chosen": {
              "doc_count": 16,
              "brands": { "doc_count_error_upper_bound": 0, "sum_other_doc_count": 0, "buckets": [ { "key": "Halden", "doc_count": 9 } ] },
              "prices": { "buckets": [
                { "key": "0-25", "from": 0.0, "to": 25.0, "doc_count": 1 }, { "key": "25-50", "from": 25.0, "to": 50.0, "doc_count": 2 },
                { "key": "50-100", "from": 50.0, "to": 100.0, "doc_count": 3 }, { "key": "100-200", "from": 100.0, "to": 200.0, "doc_count": 4 },
                { "key": "200-500", "from": 200.0, "to": 500.0, "doc_count": 5 }, { "key": "500-1000", "from": 500.0, "to": 1000.0, "doc_count": 6 },
                { "key": "1000+", "from": 1000.0, "doc_count": 7 } ] }
            }
          }
        }
        """;

    public const string Bulk = """
        {
          "took": 30, "errors": true,
          "items": [
            { "update": { "_index": "products-000001", "_id": "p1", "_version": 2, "result": "updated",
              "_shards": { "total": 2, "successful": 1, "failed": 0 }, "_seq_no": 3, "_primary_term": 1, "status": 200 } },
            { "update": { "_index": "products-000001", "_id": "p2", "status": 400, "error": {
              "type": "document_parsing_exception", "reason": "[1:15] failed to parse field [price] of type [double]",
              "caused_by": { "type": "number_format_exception", "reason": "For input string: \"x\"" } } } },
            { "update": { "_index": "products-000001", "_id": "p3", "status": 429, "error": {
              "type": "es_rejected_execution_exception", "reason": "rejected execution of primary operation" } } }
          ]
        }
        """;
}
