using System.Runtime.Loader;
using Replicate.Adapters;
using Replicate.Storage;
using Replicate.Tests.Support;

namespace Replicate.Tests.Adapters;

public class AdapterTests
{
    [Fact]
    public void Adapters_and_packages_load_in_a_context_of_their_own()
    {
        AdapterLoader.Adapters.ReadYaml("a: 1");

        var context = AssemblyLoadContext.GetLoadContext(AdapterLoader.Adapters.GetType().Assembly)!;
        Assert.Equal("Replicate.Adapters", context.Name);
        Assert.Contains(context.Assemblies, assembly => assembly.GetName().Name == "YamlDotNet");
        Assert.DoesNotContain(AssemblyLoadContext.Default.Assemblies, assembly => assembly.GetName().Name == "YamlDotNet");
        Assert.DoesNotContain(context.Assemblies, assembly => assembly.GetName().Name == "Replicate");
    }

    [Fact]
    public void Missing_adapters_are_told_with_their_place()
    {
        using var directory = new TemporaryDirectory();

        var error = Assert.Throws<ReplicateException>(() => AdapterLoader.Load(directory.Path));

        Assert.Equal("AdaptersMissing", error.Id);
        Assert.Contains(directory.Path, error.Message);
    }

    [Fact]
    public void Adapters_beside_the_engine_are_found()
    {
        using var directory = new TemporaryDirectory();
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "adapters")))
        {
            File.Copy(file, directory.Combine(Path.GetFileName(file)));
        }

        Assert.IsAssignableFrom<IAdapters>(AdapterLoader.Load(directory.Path));
    }

    [Fact]
    public void Of_an_engine_for_one_platform_the_adapters_are_in_the_directory_above_and_what_is_compiled_for_it_is_taken_first()
    {
        using var directory = new TemporaryDirectory();
        foreach (var folder in new[] { "adapters", "linux-x64/adapters" })
        {
            Directory.CreateDirectory(directory.Combine(folder));
        }

        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "adapters")))
        {
            File.Copy(file, directory.Combine("adapters", Path.GetFileName(file)));
        }

        var compiled = directory.Combine("linux-x64", "adapters", "YamlDotNet.dll");
        File.Copy(directory.Combine("adapters", "YamlDotNet.dll"), compiled);

        var adapters = AdapterLoader.Load(directory.Combine("linux-x64"));

        Assert.Equal(new YamlScalar(1, "1", false), Assert.Single(adapters.ReadYaml("a: 1").Entries).Value);
        var context = AssemblyLoadContext.GetLoadContext(adapters.GetType().Assembly)!;
        Assert.Equal(compiled, context.Assemblies.Single(assembly => assembly.GetName().Name == "YamlDotNet").Location);
        adapters.CompileIgnoreRules(["*.tmp"]);
        Assert.Equal(
            directory.Combine("adapters", "MAB.DotIgnore.dll"),
            context.Assemblies.Single(assembly => assembly.GetName().Name == "MAB.DotIgnore").Location);
    }

    [Theory]
    [InlineData("s3://bucket")]
    [InlineData("gs://bucket/root")]
    [InlineData("az://account/container/root")]
    public void A_cloud_store_is_opened_without_asking_it_anything(string url) =>
        Assert.Equal(url, AdapterLoader.Adapters.OpenStore(url).Url);

    [Theory]
    [InlineData("s3://bucket", "AWSSDK.")]
    [InlineData("gs://bucket/root", "Google.")]
    [InlineData("az://account/container", "Azure.")]
    public async Task What_a_cloud_needs_is_loaded_with_its_first_request_and_nothing_of_another(string url, string own)
    {
        // In a context of this test's own, where nobody else has opened a store.
        var adapters = AdapterLoader.Load(AppContext.BaseDirectory);
        var context = AssemblyLoadContext.GetLoadContext(adapters.GetType().Assembly)!;
        adapters.ReadYaml("a: 1");
        adapters.CompileIgnoreRules(["*.tmp"]);
        Assert.Empty(Clients());

        var store = adapters.OpenStore(url);
        await Assert.ThrowsAnyAsync<Exception>(() => store.StatAsync("a", new CancellationToken(canceled: true)));

        Assert.Equal([own], Clients());

        IEnumerable<string> Clients() => context.Assemblies.Select(assembly => assembly.GetName().Name!.Split('.')[0] + ".")
            .Where(name => name is "AWSSDK." or "Google." or "Azure.").Distinct();
    }
}
