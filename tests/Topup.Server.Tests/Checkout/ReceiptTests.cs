using System.Diagnostics;
using Shouldly;
using Topup.Contracts;
using Xunit;

namespace Topup.Server.Tests.Checkout;

public sealed class ReceiptsOnSqlite(SqliteHost host) : ReceiptTests(host), IClassFixture<SqliteHost>;

public sealed class ReceiptsOnPostgres(PostgresHost host) : ReceiptTests(host), IClassFixture<PostgresHost>;

/// <summary>The PDF is read by Poppler, not by code of ours.</summary>
public abstract class ReceiptTests(HostFixture fixture) : ServerTests(fixture)
{
    [Fact]
    public async Task A_receipt_says_who_sold_what_to_whom_with_the_tax_that_the_price_includes()
    {
        await Sells("Ömür & Oğulları <Ltd>", new TaxSettings { Name = "VAT", Rate = 19 });
        var purchase = await Bought(11.90m);

        var receipt = await Client.GetReceipt(purchase.Id, Stop);
        (receipt.Price, receipt.Kept, receipt.Tax!.Net, receipt.Tax.Amount).ShouldBe((11.90m, 11.90m, 10.00m, 1.90m));
        receipt.Number.ShouldStartWith("R/2026/");
        (await Client.GetReceipt(purchase.Id, Stop)).Number.ShouldBe(receipt.Number, "a purchase has one receipt");

        var page = await Client.GetReceiptPage(purchase.Id, Stop);
        page.ShouldContain("&amp; O");
        page.ShouldNotContain("<Ltd>");
        var text = await TextOf(await Client.GetReceiptPdf(purchase.Id, Stop));
        foreach (var part in new[] { receipt.Number, "Ömür & Oğulları <Ltd>", "Κεντρική οδός 5", "VAT 19 %", "$1.90", "$11.90", purchase.Id }) text.ShouldContain(part);
    }

    [Fact]
    public async Task What_was_given_back_stands_on_the_receipt_and_its_number_stays()
    {
        await Sells("Seller", null);
        var purchase = await Bought(12.50m);
        var number = (await Client.GetReceipt(purchase.Id, Stop)).Number;
        await Client.RefundPurchase(purchase.Id, new RefundRequest { Amount = 2.50m, Reason = "too many" }, Guid.NewGuid().ToString(), Stop);

        var receipt = await Client.GetReceipt(purchase.Id, Stop);
        (receipt.Number, receipt.Kept, receipt.Refunds.Single().Amount).ShouldBe((number, 10.00m, 2.50m));
        var text = await TextOf(await Client.GetReceiptPdf(purchase.Id, Stop));
        text.ShouldContain("-$2.50");
        text.ShouldContain("$10.00");
    }

    [Fact]
    public async Task A_receipt_of_long_words_and_many_lines_fits_its_pages()
    {
        await Sells(new string('W', 200), null, string.Join('\n', Enumerable.Range(1, 100).Select(line => $"l{line}")));
        var purchase = await Bought(1);
        var text = await TextOf(await Client.GetReceiptPdf(purchase.Id, Stop));
        text.Count(letter => letter == 'W').ShouldBe(200);
        text.Count(letter => letter == '\f').ShouldBe(3, "pages");
        text.ShouldContain("l100");
    }

    private Task<BusinessSettings> Sells(string name, TaxSettings? tax, string address = "Κεντρική οδός 5\nМосковская улица") => Client.SaveBusinessSettings(
        new BusinessSettings { Name = name, Address = address, ReceiptPrefix = "R/2026/", Tax = tax }, stop: Stop);

    private async Task<PurchaseView> Bought(decimal price)
    {
        var tenant = await Host.NewTenant();
        var type = await Host.NewType();
        var pack = await Host.NewPack(type, 100, price, "USD");
        var money = (await Client.ListCreditTypesPage(stop: Stop)).Data.FirstOrDefault(known => known.Currency == "USD")?.Code ?? await Host.NewType(2, "USD");
        await Host.Grant(tenant, money, price);
        return await Client.StartPurchase(new PurchaseRequest { Tenant = tenant, Pack = pack, Method = "balance" }, Guid.NewGuid().ToString(), Stop);
    }

    private static async Task<string> TextOf(byte[] pdf)
    {
        using var reader = Process.Start(new ProcessStartInfo("pdftotext", ["-layout", "-", "-"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        await reader.StandardInput.BaseStream.WriteAsync(pdf, Stop);
        reader.StandardInput.Close();
        var errors = reader.StandardError.ReadToEndAsync(Stop);
        var text = await reader.StandardOutput.ReadToEndAsync(Stop);
        (await errors).ShouldBe("", "a reader has nothing to say against the file");
        return text;
    }
}
