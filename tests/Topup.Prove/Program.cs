using System.Globalization;
using Topup.Prove;

Proof[] proofs =
[
    new P01KillNine(), new P03NoOverdraw(), new P04OneEffect(), new P05Conservation(), new P06DrawOrder(), new P07MonthTurns(),
    new P08PaymentOnce(), new P09ForgedNotices(), new P10AgreedPrice(), new P11LostNotices(), new P12MoneyBack(), new P13PaidMoneyEnds(),
    new P15Linearizable(), new P16DatabaseRestart(), new P18CutNetwork(), new P19DiskFull(), new P20IoErrors(), new P22Overload(), new P23WebhooksArrive(),
    new P28Secrets(), new P30SameEverywhere(), new P32MessagesAccounted(),
];

const string Usage = """
    ./prove [names] [--scale S] [--seed N] [--save]

    Runs the long proofs, all of them or those named, such as P1 P16.
    --scale 0.1 runs a tenth of every target; each proof prints what it ran. --seed runs the same random choices again.
    --save keeps what held at full length in docs/proofs.md; what was not run stays there as it is.
    """;

var names = new List<string>();
var scale = 1m;
var seed = Random.Shared.Next();
var isKept = false;
for (var i = 0; i < args.Length; i++)
{
    if (args[i] == "--scale" && i + 1 < args.Length && decimal.TryParse(args[++i], CultureInfo.InvariantCulture, out scale) && scale > 0) continue;
    if (args[i] == "--seed" && i + 1 < args.Length && int.TryParse(args[++i], CultureInfo.InvariantCulture, out seed)) continue;
    if (args[i] == "--save")
    {
        isKept = true;
        continue;
    }
    if (proofs.Any(proof => proof.Name.Equals(args[i], StringComparison.OrdinalIgnoreCase)))
    {
        names.Add(args[i]);
        continue;
    }
    Console.Error.WriteLine(args[i] is "--help" or "-h" ? Usage : $"'{args[i]}' is not understood.\n\n{Usage}");
    return args[i] is "--help" or "-h" ? 0 : 2;
}

if (isKept && scale < 1)
{
    Console.Error.WriteLine("Only proofs at full length are kept: --save does not go with a --scale below 1.");
    return 2;
}
var results = isKept ? new ResultsPage("docs/proofs.md", Environment.GetEnvironmentVariable("TOPUP_STATE") ?? "") : null;

var chosen = proofs.Where(proof => names.Count == 0 || names.Contains(proof.Name, StringComparer.OrdinalIgnoreCase)).ToArray();
Console.WriteLine($"{chosen.Length} proofs, seed {seed}, scale {scale.ToString(CultureInfo.InvariantCulture)}");
var broken = 0;
foreach (var proof in chosen)
    if (!await Trial.Run(proof, seed, scale, results)) broken++;
Console.WriteLine(broken == 0 ? $"All {chosen.Length} promises held." : $"{broken} of {chosen.Length} promises did not hold.");
return broken == 0 ? 0 : 1;
