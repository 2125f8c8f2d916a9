using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Huifang.Insights;

namespace Huifang.Bench;

/// <summary>What a peer reached: accuracy in percent and texts a second on one core, reading and tokenising included.</summary>
internal readonly record struct PeerFigure(double Accuracy, double PerSecond);

/// <summary>fastText and scikit-learn on the same texts. Where a package is missing (Debian: fasttext, python3-sklearn) its column stays empty.</summary>
internal sealed partial class InsightPeers(string folder)
{
    private const string Python = "/usr/bin/python3";

    private readonly bool _fastText = Runs("fasttext", "");
    private readonly bool _scikit = Runs(Python, "-c \"import sklearn\"");

    public PeerFigure? FastText(string name, List<LabelledText> train, List<LabelledText> test, string field)
    {
        if (!_fastText) return null;
        string Lines(List<LabelledText> texts, string to)
        {
            var path = Path.Combine(folder, to);
            // Chinese is split into characters, as fastText needs spaces.
            File.WriteAllLines(path, texts.Select(text => $"__label__{text.Labels[field][0].Replace(' ', '_')} {Han().Replace(Blank().Replace(text.Text.ToLowerInvariant(), " "), " $0 ")}"));
            return path;
        }
        var (learn, judge, model) = (Lines(train, "train.txt"), Lines(test, "test.txt"), Path.Combine(folder, "model"));
        Run("fasttext", $"supervised -input {learn} -output {model} -wordNgrams 2 -epoch 25 -lr 0.5 -dim 50 -bucket 200000 -thread 1 -verbose 0");
        var answers = Run("fasttext", $"predict {model}.bin {judge}").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var right = answers.Where((answer, i) => i < test.Count && answer.Trim() == $"__label__{test[i].Labels[field][0].Replace(' ', '_')}").Count();
        // Loading is taken off: the same texts many times over against once.
        var many = Path.Combine(folder, "many.txt");
        var times = Math.Max(5, 60_000 / test.Count);
        File.WriteAllText(many, string.Concat(Enumerable.Repeat(File.ReadAllText(judge), times)));
        var (once, often) = (Time(() => Run("fasttext", $"predict {model}.bin {judge}")), Time(() => Run("fasttext", $"predict {model}.bin {many}")));
        return new(100.0 * right / test.Count, test.Count * (times - 1) / Math.Max(1e-3, often - once));
    }

    public PeerFigure? ScikitLearn(string name, List<LabelledText> train, List<LabelledText> test, string field)
    {
        // Forty thousand reviews take it minutes.
        if (!_scikit || train.Count > 20_000) return null;
        var script = Path.Combine(folder, "peer.py");
        File.WriteAllText(script, """
            import json, sys, time
            from sklearn.feature_extraction.text import TfidfVectorizer
            from sklearn.pipeline import make_union, make_pipeline
            from sklearn.svm import LinearSVC
            (a, b), (c, d) = json.load(open(sys.argv[1]))
            model = make_pipeline(make_union(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), TfidfVectorizer(analyzer='char_wb', ngram_range=(2, 5), sublinear_tf=True)), LinearSVC())
            model.fit(a, b)
            start = time.perf_counter(); said = model.predict(c); took = time.perf_counter() - start
            print(json.dumps([100 * sum(x == y for x, y in zip(said, d)) / len(d), len(d) / took]))
            """);
        var texts = Path.Combine(folder, "texts.json");
        File.WriteAllText(texts, JsonSerializer.Serialize(new[] { train, test }.Select(part => new[] { part.Select(text => text.Text), part.Select(text => text.Labels[field][0]) })));
        var figures = JsonSerializer.Deserialize<double[]>(Run(Python, $"{script} {texts}"))!;
        return new(figures[0], figures[1]);
    }

    private static double Time(Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        return watch.Elapsed.TotalSeconds;
    }

    private static bool Runs(string program, string arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return arguments.Length == 0 || process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception) { return false; }
    }

    private static string Run(string program, string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["OMP_NUM_THREADS"] = "1" } })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{program} ended with {process.ExitCode}: {errors.Result}"));
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();

    [GeneratedRegex(@"[\u3400-\u9FFF]")]
    private static partial Regex Han();
}
