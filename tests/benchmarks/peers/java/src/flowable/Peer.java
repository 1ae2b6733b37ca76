// Flowable, as Walk asks it.

import java.nio.file.Path;
import java.util.Map;
import org.flowable.engine.ProcessEngine;
import org.flowable.engine.ProcessEngineConfiguration;

public class Peer extends Walk {
  private final ProcessEngine engine;

  private Peer(String address) {
    engine = ProcessEngineConfiguration.createStandaloneProcessEngineConfiguration()
        .setJdbcUrl(address).setJdbcUsername("bihuan").setJdbcPassword("").setJdbcDriver("org.postgresql.Driver")
        .setDatabaseSchemaUpdate("true").setHistory("full").setAsyncExecutorActivate(false).buildProcessEngine();
  }

  public static void main(String[] arguments) throws Exception {
    new Peer(arguments[0]).measure(Integer.parseInt(arguments[1]), Path.of(arguments[2]));
  }

  String version() { return ProcessEngine.VERSION; }

  String scriptAttributes() { return "xmlns:flowable=\"http://flowable.org/bpmn\" flowable:expression"; }

  void deploy(String name, String diagram) { engine.getRepositoryService().createDeployment().addString(name, diagram).deploy(); }

  String start(String process, Map<String, Object> answers) { return engine.getRuntimeService().startProcessInstanceByKey(process, answers).getId(); }

  String task(String process, String name) {
    return engine.getTaskService().createTaskQuery().processInstanceId(process).taskDefinitionKey(name).singleResult().getId();
  }

  void complete(String task, Map<String, Object> answers) { engine.getTaskService().complete(task, answers); }

  boolean isRunning(String process) { return engine.getRuntimeService().createProcessInstanceQuery().processInstanceId(process).count() != 0; }
}
