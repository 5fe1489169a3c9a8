using System.Text;
using Replicate.Stores;

if (args is ["large", var url])
{
    await LargeObject.RunAsync(url);
    return;
}

// A process for tests to kill: it puts objects into the store of a directory for ever, and says which are in place.
// Arguments: the directory, and a name that tells it from others of its kind.
var (directory, name) = (args[0], args[1]);
var store = new DiskStore(directory);
for (var i = 0; ; i++)
{
    var key = $"{name}/{i}";
    var content = ObjectContent.FromBytes(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(key + "\n", 20_000))));
    await store.PutAsync(key, content, PutCondition.IfAbsent);
    await store.PutAsync($"{name}.json", content);
    Console.WriteLine(key);
}
